using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Writing;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Lake.Tests.Writing;

/// <summary>
/// The records of an archive with two partitions, some of whose ticks are late, and the rounds in which the records are read.
/// </summary>
internal sealed class ModelArchive
{
    public const string Stream = "kafka:test";

    private const long DayMs = 86_400_000;
    private const int TicksPerRecord = 4;

    private static readonly long StartMs = new DateTimeOffset(2026, 11, 20, 22, 50, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    private static readonly Symbol[] Symbols = [SymbolOf("EURUSD"), SymbolOf("XAUUSD")];

    private readonly List<byte[]>[] _partitions = [[], []];
    private readonly List<(int Partition, byte[] Record)> _records = [];
    private readonly List<DateOnly> _days = [];
    private int _tickCount;

    /// <summary>The identities of all ticks, each once, in order of arrival.</summary>
    public List<ulong> Identities { get; } = [];

    /// <summary>The identities of the ticks of each day.</summary>
    public ILookup<DateOnly, ulong> IdentitiesByDay => _days.Zip(Identities).ToLookup(tick => tick.First, tick => tick.Second);

    /// <summary>Adds records to the two partitions in turn: ticks are twelve minutes apart, and every fifth is a day late.</summary>
    public ModelArchive Add(int records)
    {
        for (var record = 0; record < records; record++)
        {
            var partition = record % _partitions.Length;
            var builder = new TickBatchBuilder(partition, TickSource.Live);
            for (var tick = 0; tick < TicksPerRecord; tick++)
            {
                builder.Add(Next(partition));
            }

            Add(partition, builder.ToRecord());
        }

        return this;
    }

    /// <summary>Adds a record again, like a collector that received no acknowledgement.</summary>
    public void Repeat(int partition, int offset) => Add(partition, _partitions[partition][offset]);

    /// <summary>Adds bytes that are not a valid record.</summary>
    public void AddGarbage(int partition) => Add(partition, [1, 2, 3]);

    /// <summary>The records in order of arrival, without the first <paramref name="skip"/> records.</summary>
    public IEnumerable<(int Partition, byte[] Record)> Records(int skip) => _records.Skip(skip);

    /// <summary>Reads the records from the given positions to the end, in rounds of at most <paramref name="records"/>.</summary>
    public IEnumerable<(LakeRound Round, Dictionary<int, long> Next)> Rounds(LakePositions positions, int records)
    {
        var next = Enumerable.Range(0, _partitions.Length).ToDictionary(p => p, p => positions.NextOf(Stream, p));
        while (next.Any(entry => entry.Value < _partitions[entry.Key].Count))
        {
            var (round, from) = (new LakeRound(Stream), new Dictionary<int, long>(next));
            for (var taken = 0; taken < records && next.Any(entry => entry.Value < _partitions[entry.Key].Count); taken++)
            {
                var partition = next.Where(entry => entry.Value < _partitions[entry.Key].Count).MinBy(entry => entry.Value).Key;
                round.Add(partition, next[partition], _partitions[partition][(int)next[partition]]);
                next[partition]++;
            }

            round.Ranges = [.. next.Where(entry => entry.Value > from[entry.Key])
                .Select(entry => new RoundRange(entry.Key, from[entry.Key], entry.Value))];
            yield return (round, new Dictionary<int, long>(next));
        }
    }

    private void Add(int partition, byte[] record)
    {
        _partitions[partition].Add(record);
        _records.Add((partition, record));
    }

    private Tick Next(int partition)
    {
        var number = _tickCount++;
        var tick = new Tick
        {
            Symbol = Symbols[partition],
            Kind = TickKind.Quote,
            Fields = TickFields.Bid | TickFields.Ask,
            TimestampMs = StartMs + (number * 720_000L) - (number % 5 == 4 ? DayMs : 0),
            ReceivedMs = StartMs + (number * 720_000L),
            Bid = Price.Create(100_000 + number, 5),
            Ask = Price.Create(100_002 + number, 5),
        };
        Identities.Add(TickIdentity.Of(tick));
        _days.Add(DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(tick.TimestampMs).UtcDateTime));
        return tick;
    }

    private static Symbol SymbolOf(string name) => Symbol.TryParse(name, out var symbol) ? symbol : throw new ArgumentException(name);
}
