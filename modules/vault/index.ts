export { createVault, type Sealed, type Vault } from './service.ts'
