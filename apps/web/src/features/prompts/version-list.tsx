import type { Prompt } from '@hyperoru/contracts';
import { Button } from '@mantine/core';
import { CodeBlock } from '../../components/code-block.tsx';
import { Loaded } from '../../components/panel.tsx';
import { Tag } from '../../components/tag.tsx';
import { Ago } from '../../time/time-text.tsx';
import classes from './prompt-editor.module.css';
import { useVersions } from './queries.ts';

/** Every text the prompt ever had. Restoring one makes it the newest version; nothing is lost. */
export function VersionList({ prompt, onRestore }: { readonly prompt: Prompt; readonly onRestore: (content: string) => void }) {
  const query = useVersions(prompt.id);
  return (
    <Loaded query={query} rows={4}>
      {(data) => (
        <ol className={classes.versions}>
          {data.items.map((version) => (
            <li key={version.id}>
              <div className={classes.versionHead}>
                <span>
                  <b>Version {version.number}</b> <Ago at={version.created_at} />
                </span>
                {version.number === prompt.version ? (
                  <Tag tone="up">Current</Tag>
                ) : (
                  <Button variant="default" size="compact-xs" onClick={() => onRestore(version.content)}>
                    Restore as new version
                  </Button>
                )}
              </div>
              <CodeBlock label={`Version ${version.number}, hash ${version.content_hash.slice(0, 12)}`} text={version.content} />
            </li>
          ))}
        </ol>
      )}
    </Loaded>
  );
}
