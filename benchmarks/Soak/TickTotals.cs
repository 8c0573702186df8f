using System.Globalization;
using System.Text.Json;
using CloudTicks.Benchmarks.Hub;
using CloudTicks.Benchmarks.Ingest;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Benchmarks.Soak;

/// <summary>The number of ticks that the simulator sent or that the archive holds, and the wrapping sum of their identities.</summary>
/// <param name="Ticks">The number of ticks.</param>
/// <param name="Sum">The sum, which does not depend on the order.</param>
internal readonly record struct TickTotals(long Ticks, ulong Sum)
{
    public static TickTotals ReadSent(JsonElement report)
    {
        var all = new TickTotals(0, 0);
        foreach (var symbol in report.GetProperty("symbols").EnumerateObject())
        {
            var sum = ulong.Parse(symbol.Value.GetProperty("sum").GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            all = new TickTotals(all.Ticks + symbol.Value.GetProperty("sent").GetInt64(), unchecked(all.Sum + sum));
        }

        return all;
    }

    public static TickTotals ReadArchive(WireClient client, string topic, int partitions)
    {
        var (ticks, sum) = (0L, 0UL);
        ArchivedTicks.Read(client, topic, new long[partitions], (_, record) =>
        {
            Tick tick = default;
            while (record.TryRead(ref tick))
            {
                ticks++;
                sum = unchecked(sum + TickIdentity.Of(tick));
            }
        });
        return new TickTotals(ticks, sum);
    }
}
