using System.Text;
using CloudTicks.Ticks;

namespace CloudTicks.Verification.Checks;

/// <summary>The subjects with ticks. Bounded, because any client may publish on any subject.</summary>
internal sealed class SeenSubjects
{
    private const int MaxSubjects = 200_000;
    private const int MaxSubjectLength = 128;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _subjects = new(StringComparer.Ordinal);
    private long _count;

    /// <summary>The number of messages.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Adds a subject; called on the client's thread.</summary>
    public void Add(ReadOnlySpan<byte> subject)
    {
        Interlocked.Increment(ref _count);
        if (subject.Length > MaxSubjectLength)
        {
            return;
        }

        Span<char> text = stackalloc char[MaxSubjectLength];
        var name = text[..Encoding.UTF8.GetChars(subject, text)];
        lock (_gate)
        {
            if (_subjects.Count < MaxSubjects)
            {
                _subjects.GetAlternateLookup<ReadOnlySpan<char>>().Add(name);
            }
        }
    }

    public bool Has(string symbol)
    {
        lock (_gate)
        {
            return _subjects.Contains(TickSubject.Of(symbol));
        }
    }
}
