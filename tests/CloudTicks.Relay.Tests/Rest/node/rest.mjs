// Runs Polygon's own client against a server on this machine, and prints the responses as JSON.
import { restClient } from '@polygon.io/client-js'

const [address, key, stock, pairFrom, pairTo, day, limit] = process.argv.slice(2)
const pages = restClient(key, address, { pagination: true })
const one = restClient(key, address)
const none = undefined
const failed = error => ({ status: error.response?.status ?? error.status, message: error.response?.data?.message ?? error.message })

const answers = {
  trades: await pages.getStocksTrades(stock, day, none, none, none, none, 'asc', Number(limit), 'timestamp'),
  quotes: await pages.getForexQuotes(`C:${pairFrom}-${pairTo}`, day, none, none, none, none, 'desc', Number(limit), 'timestamp'),
  lastTrade: await one.getLastStocksTrade(stock),
  lastQuote: await one.getLastCurrencyQuote(pairFrom, pairTo),
  bars: await pages.getStocksAggregates(stock, 1, 'second', day, day, true, 'asc', 50000),
  pairBars: await one.getForexAggregates(`C:${pairFrom}${pairTo}`, 1, 'day', day, day),
  status: await one.getMarketStatus(),
  absent: await one.getStocksTrades('NONE').catch(failed)
}
console.log(JSON.stringify(answers))
