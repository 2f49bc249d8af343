export { createInventory, type Inventory, type StockLine } from './service.ts'
