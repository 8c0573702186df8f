using CloudTicks.Lake;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Writing;

namespace CloudTicks.Benchmarks.Lake;

/// <summary>Splits records in memory into rounds, in the same way as the lake's writer splits the archive.</summary>
internal static class RecordRounds
{
    public const string Stream = "benchmark";

    /// <summary>Collects records into rounds.</summary>
    /// <param name="records">The records with their partitions; offsets start at 0.</param>
    /// <param name="options">The limits of a round.</param>
    public static IEnumerable<(LakeRound Round, Dictionary<int, long> Next)> Of(
        IEnumerable<(int Partition, ReadOnlyMemory<byte> Value)> records, LakeOptions options)
    {
        var (round, from, next) = (new LakeRound(Stream), new Dictionary<int, long>(), new Dictionary<int, long>());
        foreach (var (partition, value) in records)
        {
            var offset = next.GetValueOrDefault(partition);
            round.Add(partition, offset, value);
            next[partition] = offset + 1;
            if (round.Bytes >= options.MaxRoundBytes || round.Ticks >= options.MaxRoundTicks)
            {
                yield return (Covering(round, from, next), new Dictionary<int, long>(next));
                (round, from) = (new LakeRound(Stream), new Dictionary<int, long>(next));
            }
        }

        if (round.Ticks > 0)
        {
            yield return (Covering(round, from, next), next);
        }
    }

    private static LakeRound Covering(LakeRound round, Dictionary<int, long> from, Dictionary<int, long> next)
    {
        round.Ranges = [.. next.Select(entry => new RoundRange(entry.Key, from.GetValueOrDefault(entry.Key), entry.Value))
            .Where(range => range.From < range.To)];
        return round;
    }
}
