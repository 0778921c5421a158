import { BlockList, isIP } from 'node:net';

// Link-local, where most clouds hand out credentials (169.254.169.254), Alibaba's 100.100.100.200, Azure's
// 168.63.129.16 and Oracle's 192.0.0.192.
const refusedIpv4 = ['169.254.0.0/16', '100.100.100.200/32', '168.63.129.16/32', '192.0.0.192/32'] as const;

// Link-local, Amazon's fd00:ec2::254 and ::23, Google's fd20:ce::254, and 169.254.0.0/16 as NAT64 (RFC 6052), 6to4
// (RFC 3056) and the old IPv4-compatible form write it.
const refusedIpv6 = [
  'fe80::/10',
  'fd00:ec2::/32',
  'fd20:ce::/32',
  '64:ff9b::a9fe:0/112',
  '2002:a9fe::/32',
  '::a9fe:0/112',
] as const;

/** Addresses no target may resolve to: link-local ones and those of metadata services. Private ranges stay allowed. */
export function createAddressPolicy(): (address: string) => boolean {
  const refused = new BlockList();
  for (const [subnets, family] of [
    [refusedIpv4, 'ipv4'],
    [refusedIpv6, 'ipv6'],
  ] as const) {
    for (const subnet of subnets) {
      const [network = '', bits] = subnet.split('/');
      refused.addSubnet(network, Number(bits), family);
    }
  }
  return (address) => {
    const family = isIP(address);
    // BlockList reads ::ffff:a.b.c.d as the IPv4 address it stands for.
    return family !== 0 && !refused.check(address, family === 4 ? 'ipv4' : 'ipv6');
  };
}
