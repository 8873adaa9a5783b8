import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

type AnchorElementProps = Omit<ComponentProps<'a'>, 'color' | 'style' | 'size'>;

function ButtonAnchor(props: ButtonProps & AnchorElementProps) {
  return <Button component="a" {...props} />;
}

function TextAnchor(props: AnchorProps & AnchorElementProps) {
  return <Anchor inherit {...props} />;
}

/** A link that looks like a button: it goes somewhere, it does nothing else. */
export const LinkButton = createLink(ButtonAnchor);
/** A link inside text. */
export const TextLink = createLink(TextAnchor);
