import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** The one accent. Shades 6, 7 and 8 carry white text at 4.5 : 1 or more, so resting and hovered buttons both pass. */
const accent: MantineColorsTuple = [
  '#f0f2ff',
  '#dfe3ff',
  '#bfc7ff',
  '#9ea9ff',
  '#808cf8',
  '#6a76ec',
  '#5a66de',
  '#4f5bd5',
  '#434fc2',
  '#3742a8',
];
const danger: MantineColorsTuple = [
  '#fff0f0',
  '#ffdcdc',
  '#ffb8b8',
  '#ff9494',
  '#f77171',
  '#e25252',
  '#cf3a3f',
  '#bd2a31',
  '#a52128',
  '#87191f',
];
const dark: MantineColorsTuple = [
  '#e7eaf0',
  '#c8ced9',
  '#a1abbb',
  '#909bac',
  '#2c3440',
  '#232a35',
  '#191e27',
  '#0e1117',
  '#0b0e13',
  '#07090d',
];

/** Mantine's theme of the dashboard; the project's own tokens are in tokens.css. */
export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: 7,
  colors: { accent, danger, dark },
  fontFamily: 'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "JetBrains Mono", "SF Mono", Menlo, Consolas, monospace',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: { fontWeight: '620', sizes: { h1: { fontSize: '1.35rem' }, h2: { fontSize: '1.02rem' }, h3: { fontSize: '0.92rem' } } },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Tooltip: { defaultProps: { openDelay: 250, events: { hover: true, focus: true, touch: true } } },
  },
});

/** Corrects the library's colours that miss 4.5 : 1 on our grounds. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f5f6f8',
    '--mantine-color-text': '#171b23',
    '--mantine-color-dimmed': '#596273',
    '--mantine-color-placeholder': '#667084',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-anchor': '#434fc2',
    '--mantine-color-default-border': '#d9dee6',
    '--mantine-color-disabled': '#e9ecf0',
    '--mantine-color-disabled-color': '#5f6878',
  },
  dark: {
    '--mantine-color-body': '#0e1117',
    '--mantine-color-text': '#e7eaf0',
    '--mantine-color-dimmed': '#a1abbb',
    '--mantine-color-placeholder': '#909bac',
    '--mantine-color-error': '#ff9a94',
    '--mantine-color-anchor': '#a9b3ff',
    '--mantine-color-default-border': '#2c3440',
    '--mantine-color-disabled': '#191e27',
    '--mantine-color-disabled-color': '#909bac',
  },
});
