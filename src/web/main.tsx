// Starts the workbench in the browser. May not: load anything from another place.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Fault } from './api.ts'
import { App } from './app.tsx'
import './style.css'

const client = new QueryClient({ defaultOptions: { queries: { retry: (n, e) => n < 2 && e instanceof Fault && e.status === 0, refetchOnWindowFocus: false, staleTime: 10_000 } } })
const root = document.getElementById('root')
if (root === null) throw new Error('the page has no root')
createRoot(root).render(<StrictMode><QueryClientProvider client={client}><App /></QueryClientProvider></StrictMode>)
