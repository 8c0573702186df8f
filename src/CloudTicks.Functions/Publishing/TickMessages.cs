using CloudTicks.Messaging;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Identity;
using CloudTicks.Ticks.Json;

namespace CloudTicks.Functions.Publishing;

/// <summary>The messages of one record: subjects, and JSON one behind the other in an array that is kept. Serves one reader at a time.</summary>
internal sealed class TickMessages
{
    private readonly TickBatchReader _reader = new(new SymbolDictionary());
    private readonly Dictionary<Symbol, byte[]> _subjects = [];
    private readonly List<(byte[] Subject, int End)> _messages = [];
    private byte[] _json = new byte[64 * 1024];

    /// <summary>Messages of the record read last; 0 when it was damaged.</summary>
    public int Count => _messages.Count;

    /// <summary>Replaces the messages by those of a record: all of its ticks, or none when it is damaged.</summary>
    /// <exception cref="TickBatchFormatException">The record is no TickBatch, or damaged.</exception>
    public void Read(ReadOnlyMemory<byte> record)
    {
        _messages.Clear();
        try
        {
            _reader.Open(record);
            var end = 0;
            var tick = default(Tick);
            while (_reader.TryRead(ref tick))
            {
                // StoreTicks sends what no feed sends to the dead letters.
                if (TickIdentity.IsDefinedFor(tick.Symbol.Market, tick.Kind))
                {
                    end += Write(tick, end);
                    _messages.Add((SubjectOf(tick.Symbol), end));
                }
            }
        }
        catch (TickBatchFormatException)
        {
            _messages.Clear();
            throw;
        }
    }

    public ReadOnlySpan<byte> Subject(int index) => _messages[index].Subject;

    public ReadOnlySpan<byte> Payload(int index)
    {
        var start = index == 0 ? 0 : _messages[index - 1].End;
        return _json.AsSpan(start, _messages[index].End - start);
    }

    private int Write(scoped in Tick tick, int start)
    {
        if (_json.Length - start < TickJson.MaxBytes)
        {
            Array.Resize(ref _json, _json.Length * 2);
        }

        return TickJson.Write(tick, _reader.Source, TickIdentity.Of(tick), _json.AsSpan(start));
    }

    private byte[] SubjectOf(Symbol symbol)
    {
        if (!_subjects.TryGetValue(symbol, out var subject))
        {
            subject = [.. "ticks."u8, .. symbol.Utf8];
            SubjectToken.Write(symbol.Utf8, subject.AsSpan("ticks."u8.Length));
            _subjects.Add(symbol, subject);
        }

        return subject;
    }
}
