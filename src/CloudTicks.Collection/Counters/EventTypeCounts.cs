using System.Text;

namespace CloudTicks.Collection.Counters;

/// <summary>Counts events that are not collected, by type. After <see cref="MaxTypes"/> types, all further types share one count.</summary>
internal sealed class EventTypeCounts
{
    private const int MaxTypes = 32;
    private const string Others = "others";

    private readonly Lock _lock = new();
    private readonly List<(byte[] Type, long Count)> _types = [];
    private long _others;

    public bool Add(ReadOnlySpan<byte> type)
    {
        lock (_lock)
        {
            for (var index = 0; index < _types.Count; index++)
            {
                if (type.SequenceEqual(_types[index].Type))
                {
                    _types[index] = (_types[index].Type, _types[index].Count + 1);
                    return false;
                }
            }

            if (_types.Count == MaxTypes)
            {
                return ++_others == 1;
            }

            _types.Add((type.ToArray(), 1));
            return true;
        }
    }

    public IReadOnlyDictionary<string, long> Snapshot()
    {
        lock (_lock)
        {
            var counts = new Dictionary<string, long>();
            foreach (var (type, count) in _types)
            {
                counts[Encoding.UTF8.GetString(type)] = count;
            }

            if (_others > 0)
            {
                counts[Others] = counts.GetValueOrDefault(Others) + _others;
            }

            return counts;
        }
    }
}
