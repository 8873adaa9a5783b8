import { fixOf, sentenceOf } from '../../api/api-error.ts';
import { Notice } from '../../components/notice.tsx';

/** Why the server refused a form, above its button. */
export function FormError({ error }: { readonly error: unknown }) {
  if (error === null || error === undefined) return null;
  return (
    <Notice tone="down" title={sentenceOf(error)} isLive>
      {fixOf(error)}
    </Notice>
  );
}
