using System.Collections.Concurrent;
using System.Text;

namespace CloudTicks.Messaging.Nats.NatsNet;

/// <summary>Caches subjects as strings, which NATS.Net requires. When the cache is full, other subjects create a string per use.</summary>
internal sealed class SubjectNames
{
    private const int MaxNames = 65_536;
    private const int MaxLength = 1024;

    private readonly ConcurrentDictionary<string, string> _names = new();

    public string Get(ReadOnlySpan<byte> subject)
    {
        if (subject.Length > MaxLength || !SubjectSyntax.IsSubject(subject))
            throw new ArgumentException(
                $"A subject must have 1 to {MaxLength} bytes, without blanks or control characters: '{Encoding.UTF8.GetString(subject)}'.",
                nameof(subject));
        Span<char> characters = stackalloc char[subject.Length];
        var length = Encoding.UTF8.GetChars(subject, characters);
        if (_names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(characters[..length], out var name))
            return name;
        name = new string(characters[..length]);
        if (_names.Count < MaxNames)
            _names.TryAdd(name, name);
        return name;
    }
}
