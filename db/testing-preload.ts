import { afterAll } from 'bun:test'
import { discardTestInfra } from './testing.ts'

afterAll(discardTestInfra)
