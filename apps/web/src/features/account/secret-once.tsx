import { Button, Code, CopyButton } from '@mantine/core';
import { Notice } from '../../components/notice.tsx';

/** A secret that is shown this one time. */
export function SecretOnce({ title, secret, children }: { readonly title: string; readonly secret: string; readonly children: string }) {
  return (
    <Notice
      tone="up"
      title={title}
      isLive
      action={
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      }
    >
      <Code block style={{ whiteSpace: 'pre-wrap', wordBreak: 'break-all', margin: '0.4rem 0', color: 'var(--text)' }}>
        {secret}
      </Code>
      {children}
    </Notice>
  );
}
