using System.Globalization;
using CloudTicks.EventStream.Records;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Identity;
using Npgsql;

namespace CloudTicks.Functions.Tests.Chaos;

/// <summary>Complete rows as text: those expected from the archive, and those of the table.</summary>
internal static class TickRows
{
    private const string Select =
        """
        SELECT symbol, timestamp_ms, market::text, kind::text, source::text, bid, ask, bid_size, ask_size, price, size, exchange, conditions,
            sequence, trade_id, tick_hash, received_ms
        FROM market_ticks WHERE timestamp_ms >= $1 AND timestamp_ms < $2
        """;

    /// <summary>
    /// Adds the rows of a record's ticks that are not yet present. The first of several equal ticks is stored: records of a partition are
    /// stored in order, however often they are delivered.
    /// </summary>
    public static void Add(Dictionary<(long TimestampMs, ulong Hash), string> rows, StreamRecord record)
    {
        var reader = new TickBatchReader(new SymbolDictionary());
        reader.Open(record.Value);
        var tick = default(Tick);
        while (reader.TryRead(ref tick))
        {
            var hash = TickIdentity.Of(tick);
            rows.TryAdd((tick.TimestampMs, hash), TextOf(tick, reader.Source, hash));
        }
    }

    /// <summary>Reads the rows of a time range.</summary>
    public static async Task<List<string>> ReadAsync(NpgsqlDataSource database, long fromMs, long toMs, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Select);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = fromMs });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = toMs });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(column => TextOf(reader.GetValue(column)))));
        }

        return rows;
    }

    private static string TextOf(scoped in Tick tick, TickSource source, ulong hash)
    {
        object?[] columns =
        [
            tick.Symbol.Name, tick.TimestampMs, NameOf(tick.Symbol.Market), NameOf(tick.Kind), NameOf(source),
            tick.Has(TickFields.Bid) ? tick.Bid.ToDouble() : null,
            tick.Has(TickFields.Ask) ? tick.Ask.ToDouble() : null,
            tick.Has(TickFields.BidSize) ? tick.BidSize.ToDouble() : null,
            tick.Has(TickFields.AskSize) ? tick.AskSize.ToDouble() : null,
            tick.Has(TickFields.Price) ? tick.Price.ToDouble() : null,
            tick.Has(TickFields.Size) ? tick.Size.ToDouble() : null,
            tick.Has(TickFields.Exchange) ? tick.Exchange : tick.Has(TickFields.BidExchange) ? tick.BidExchange : null,
            tick.Has(TickFields.Conditions) ? Array.ConvertAll(tick.Conditions.ToArray(), condition => (short)condition) : null,
            tick.Has(TickFields.Sequence) ? tick.Sequence : null,
            tick.Has(TickFields.TradeId) ? System.Text.Encoding.UTF8.GetString(tick.TradeId) : null,
            (long)hash, tick.ReceivedMs,
        ];
        return string.Join('|', columns.Select(TextOf));
    }

    private static string TextOf(object? value) => value switch
    {
        null or DBNull => "",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        short[] list => string.Join(',', list),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string NameOf<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
