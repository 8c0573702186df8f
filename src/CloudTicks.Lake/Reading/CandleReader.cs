using System.Globalization;
using System.Text;
using CloudTicks.Lake.Native;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Reading;

/// <summary>Aggregates the ticks of a range into candles, one day at a time, because a file holds ticks of one day.</summary>
internal sealed class CandleReader(DuckDbConnection connection, LakeIndex index, LakeCandleRange range)
{
    private const long MsPerDay = 86_400_000;

    private static readonly TickKind[] Kinds = [TickKind.Quote, TickKind.Trade];

    private readonly List<LakeCandle> _candles = [];

    /// <exception cref="DuckDbException">A file cannot be read.</exception>
    /// <exception cref="LakeUnavailableException">A file is damaged.</exception>
    public async Task<List<LakeCandle>> ReadAsync(CancellationToken cancellationToken)
    {
        var market = range.Symbol.Market;
        var at = range.FromMs;
        while (index.EarliestStart(Kinds, market, at, range.ToMs) is { } start)
        {
            // A day's end is also a candle's end, because a candle's length divides an hour.
            (var from, at) = (start - (start % range.LengthMs), Math.Min(range.ToMs, (start / MsPerDay * MsPerDay) + MsPerDay));
            var (parts, areDistinct) = (new List<FilesOfKind>(), true);
            foreach (var kind in Kinds)
            {
                if (index.FindOverlapping(kind, market, from, at) is { Count: > 0 } files)
                {
                    parts.Add(await index.FetchAsync(kind, files, cancellationToken));
                    areDistinct &= AreDistinct(files);
                }
            }

            using var result = connection.Query(
                TickSql.Candles(range, Math.Max(from, range.FromMs), at, parts, areDistinct), cancellationToken);
            while (result.TryRead(out var chunk))
            {
                Add(chunk);
            }
        }

        return _candles;
    }

    /// <summary>
    /// Whether the files certainly share no tick. Only files with overlapping times can have the same tick.
    /// </summary>
    private static bool AreDistinct(IReadOnlyList<IndexedFile> files)
    {
        for (var i = 1; i < files.Count; i++)
        {
            if (files[i].FirstMs <= files.Take(i).Max(file => file.LastMs))
            {
                return false;
            }
        }

        return true;
    }

    private static double? Double(DuckDbChunk chunk, int column, int row) =>
        chunk[column].IsNull(row) ? null : chunk[column].Values<double>()[row];

    private void Add(DuckDbChunk chunk)
    {
        for (var row = 0; row < chunk.Count; row++)
        {
            _candles.Add(new LakeCandle(
                chunk[0].Values<long>()[row], Double(chunk, 1, row)!.Value, Double(chunk, 2, row)!.Value, Double(chunk, 3, row)!.Value,
                Double(chunk, 4, row)!.Value,
                chunk[5].IsNull(row) ? null : double.Parse(Encoding.UTF8.GetString(chunk[5].Bytes(row)), CultureInfo.InvariantCulture),
                chunk[6].Values<long>()[row], Double(chunk, 7, row)));
        }
    }
}
