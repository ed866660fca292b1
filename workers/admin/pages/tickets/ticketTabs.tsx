import { Tabs } from "../../components/tabs.tsx"

const tabs = [
  { href: "/tickets", label: "Board" },
  { href: "/tickets/list", label: "List" },
  { href: "/tickets/search", label: "Search" },
  { href: "/tickets/figures", label: "Figures" },
  { href: "/tickets/mails", label: "Other mail" },
  { href: "/tickets/left", label: "Came to nothing" },
  { href: "/tickets/categories", label: "Categories" },
  { href: "/tickets/replies", label: "Canned replies" },
  { href: "/tickets/blocks", label: "Blocked" },
  { href: "/tickets/settings", label: "Hours and settings" },
  { href: "/tickets/setup", label: "Discord" },
] as const

export const TicketTabs = ({ current }: { current: (typeof tabs)[number]["href"] }) => (
  <Tabs label="Tickets" current={current} tabs={[...tabs]} />
)
