// Reads files of the lake with hyparquet, and prints the number of rows and the sum of identities of each, in the manifest's form.
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { identity } from './identity.mjs'

const integer = bytes => bytes && BigInt.asIntN(128, bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n))

for (const path of process.argv.slice(2)) {
  const file = await asyncBufferFromFile(path)
  const metadata = await parquetMetadataAsync(file)
  const decimals = metadata.schema.filter(column => column.converted_type === 'DECIMAL')
  for (const column of decimals) {
    // hyparquet would return decimals as doubles, which are not exact.
    delete column.converted_type
    delete column.logical_type
  }
  const fileMetadata = Object.fromEntries(metadata.key_value_metadata.map(({ key, value }) => [key, value]))
  const rows = await parquetReadObjects({ file, metadata, compressors, utf8: false })
  let sum = 0n
  for (const row of rows) {
    for (const { name } of decimals) row[name] = integer(row[name])
    sum = BigInt.asUintN(64, sum + identity(fileMetadata['cloudticks.kind'], fileMetadata['cloudticks.market'], row))
  }
  console.log(`${rows.length} ${sum.toString(16).padStart(16, '0')}`)
}
