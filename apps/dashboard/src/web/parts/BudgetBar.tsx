/** How much of a budget is left, as a bar; decoration beside the number. */
export function BudgetBar({ left }: { readonly left: number | null }) {
  const share = Math.min(1, Math.max(0, left ?? 0));
  const tone = share <= 0 ? 'd' : share < 0.25 ? 'g' : 'h';
  return (
    <svg className="budget-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect className="tick-none" width="100" height="6" />
      <rect className={`tick-${tone}`} width={share * 100} height="6" />
    </svg>
  );
}
