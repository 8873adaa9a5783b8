import { BlockList, isIP } from 'node:net';

/** `forbidden` = never an endpoint; `loopback` and `private` = only when the operator lists the endpoint. */
export type AddressClass = 'public' | 'loopback' | 'private' | 'forbidden';

/** IANA special-purpose registries (IPv4 and IPv6) and the metadata addresses of clouds that lie outside link-local. */
const FORBIDDEN = ranges(
  [
    '0.0.0.0/8',
    '169.254.0.0/16',
    '100.100.100.200/32',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '192.88.99.0/24',
    '224.0.0.0/4',
    '240.0.0.0/4',
  ],
  [
    '::/128',
    'fe80::/10',
    'fec0::/10',
    'ff00::/8',
    '100::/64',
    '2001::/23',
    '2001:db8::/32',
    '2002::/16',
    'fd00:ec2::254/128',
    'fd20:ce::254/128',
  ],
);
const LOOPBACK = ranges(['127.0.0.0/8'], ['::1/128']);
const PRIVATE = ranges(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '198.18.0.0/15'], ['fc00::/7', '64:ff9b:1::/48']);

/** Class of an IPv4 or IPv6 address text. IPv4 inside IPv6 (mapped, compatible, NAT64) counts as that IPv4 address. Anything else is `forbidden`. */
export function classifyAddress(text: string): AddressClass {
  const address = text.replace(/%.*$/, '');
  const version = isIP(address);
  if (version === 0) return 'forbidden';
  const embedded = version === 6 ? embeddedIpv4(address) : null;
  if (embedded !== null) return classifyAddress(embedded);
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (FORBIDDEN.check(address, family)) return 'forbidden';
  if (LOOPBACK.check(address, family)) return 'loopback';
  if (PRIVATE.check(address, family)) return 'private';
  return 'public';
}

/** `::ffff:a.b.c.d` (RFC 4291), `::a.b.c.d` (deprecated, RFC 4291) and `64:ff9b::a.b.c.d` (RFC 6052) in any spelling. */
function embeddedIpv4(address: string): string | null {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const match = /^(?:::ffff:|::|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (match === null) return null;
  const high = Number.parseInt(match[1] ?? '', 16);
  const low = Number.parseInt(match[2] ?? '', 16);
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

function ranges(ipv4: readonly string[], ipv6: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ipv4) list.addSubnet(...split(range), 'ipv4');
  for (const range of ipv6) list.addSubnet(...split(range), 'ipv6');
  return list;
}

function split(range: string): [net: string, prefix: number] {
  const [net = '', prefix = ''] = range.split('/');
  return [net, Number(prefix)];
}
