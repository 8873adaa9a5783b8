import { Command } from 'commander';
import { PRODUCT_VERSION } from '../http/version.ts';
import { backup, restore } from './backup.ts';
import { resetPassword } from './reset-password.ts';
import { type RunFlags, runProduct } from './run-product.ts';

/** Reads the command line, runs one command and sets the exit code. */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  const program = new Command('hyperoru').description('Self-hosted AI trading platform.').version(PRODUCT_VERSION);
  const finish = (code: number): void => {
    process.exitCode = code;
  };
  runnable(program.command('start', { isDefault: true }).description('start API, stream and dashboard'), { addDemo: false }, finish);
  runnable(program.command('demo').description('add the demo traders to this instance, then start it'), { addDemo: true }, finish);
  program
    .command('backup')
    .argument('<file>', 'new file to write')
    .description('write the whole database into one file; the key file is not part of it')
    .action(async (file: string) => finish(await backup(file)));
  program
    .command('restore')
    .argument('<file>', 'file written by backup')
    .option('--force', 'also over a database that holds records, which are lost')
    .description('fill an empty database from a backup; all traders start paused')
    .action(async (file: string, flags: { force?: boolean }) => finish(await restore(file, { force: flags.force === true })));
  const user = program.command('user').description('users of this instance');
  user
    .command('reset-password')
    .argument('<name>', 'user name or e-mail address')
    .description('give a user a new random password')
    .action(async (name: string) => finish(await resetPassword(name)));
  await program.parseAsync(argv);
}

function runnable(command: Command, options: { readonly addDemo: boolean }, finish: (code: number) => void): void {
  command
    .option('--port <port>', 'TCP port; 0 takes any free one')
    .option('--host <address>', 'address to listen on')
    .option('--behind-proxy', 'a reverse proxy terminates TLS in front')
    .option('--no-demo', 'no demo traders at first start')
    .option('--json-logs', 'write JSON log lines to stdout')
    .action(async (flags: RunFlags) => finish(await runProduct(flags, options)));
}
