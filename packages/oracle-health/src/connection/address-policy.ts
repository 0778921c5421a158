import { BlockList, isIP } from 'node:net';

/**
 * Addresses no target may resolve to: link-local ones, where cloud metadata services hand out credentials
 * (169.254.169.254 and, on IPv6, fd00:ec2::254; Alibaba uses 100.100.100.200). Private ranges stay allowed.
 */
export function createAddressPolicy(): (address: string) => boolean {
  const refused = new BlockList();
  refused.addSubnet('169.254.0.0', 16, 'ipv4');
  refused.addAddress('100.100.100.200', 'ipv4');
  refused.addSubnet('fe80::', 10, 'ipv6');
  refused.addAddress('fd00:ec2::254', 'ipv6');
  return (address) => {
    const family = isIP(address);
    // BlockList reads ::ffff:a.b.c.d as the IPv4 address it stands for.
    return family !== 0 && !refused.check(address, family === 4 ? 'ipv4' : 'ipv6');
  };
}
