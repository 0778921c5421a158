/** One message in place of many of one kind and rule. Pure. */
import type { Message, MessageField, NoticeKind, Severity } from '../contract/index.js';
import { cutText } from './clean-text.js';
import { titleOf } from './compose.js';

/** What a group must know of each member. */
export interface GroupMember {
  readonly service: string;
  readonly rule: string;
  readonly kind: NoticeKind;
  readonly severity: Severity;
  readonly message: Message;
}

/** Long enough for a name and the beginning of an error; a group lists many. */
const MEMBER_UNITS = 160;

/** The message that names all members; the renderer says how many did not fit. */
export function composeGroup(members: readonly GroupMember[], dashboardUrl: string): Message {
  const [first] = members;
  const severity = first?.severity ?? 'info';
  return {
    title: titleOf(severity, groupText(members)),
    severity,
    services: [...new Set(members.map((member) => member.service))],
    fields: [...timeField(first), ...members.map(memberField)],
    links: [{ label: 'Dashboard', url: `${dashboardUrl}/alerts` }],
  };
}

function groupText(members: readonly GroupMember[]): string {
  const [first] = members;
  const count = members.length;
  if (first === undefined) return 'nothing';
  const what = first.rule.replaceAll('_', ' ');
  if (first.kind === 'resolve')
    return first.rule === 'down' ? `${count} services recovered` : `${count} × ${what} recovered`;
  if (first.kind === 'fire' && first.rule === 'down') return `${count} services are DOWN!`;
  return first.kind === 'fire' ? `${count} × ${what}` : `${count} × ${what} (${first.kind.replaceAll('_', ' ')})`;
}

function timeField(first: GroupMember | undefined): readonly MessageField[] {
  const time = first?.message.fields.find((field) => field.label === 'Time');
  return time === undefined ? [] : [time];
}

function memberField(member: GroupMember): MessageField {
  const find = (label: string): string | undefined =>
    member.message.fields.find((field) => field.label === label)?.value;
  const value = find('Error') ?? find('Which') ?? find('Reason') ?? find('Duration') ?? find('Value') ?? '';
  return { label: find('Component') ?? member.service, value: cutText(value, MEMBER_UNITS) };
}
