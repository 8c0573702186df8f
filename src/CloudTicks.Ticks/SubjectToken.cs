using System.Buffers;
using System.Text;

namespace CloudTicks.Ticks;

/// <summary>A name as one token of a subject: separators and wildcards become <c>_</c>, so names may share one.</summary>
public static class SubjectToken
{
    private const byte Replacement = (byte)'_';

    private static readonly SearchValues<byte> Reserved = SearchValues.Create(ReservedBytes());

    /// <summary>Writes the token of a name. Does not allocate.</summary>
    /// <param name="name">The name in UTF-8, not empty.</param>
    /// <param name="destination">Takes the token; at least as long as the name.</param>
    /// <returns>The token's length in bytes, which is the name's.</returns>
    /// <exception cref="ArgumentException">The name is empty, or the destination too short.</exception>
    public static int Write(ReadOnlySpan<byte> name, Span<byte> destination)
    {
        if (name.IsEmpty)
            throw new ArgumentException("A subject token cannot be made of an empty name.", nameof(name));
        if (destination.Length < name.Length)
            throw new ArgumentException(
                $"The token takes {name.Length} bytes, the destination has {destination.Length}.", nameof(destination));
        name.CopyTo(destination);
        destination[..name.Length].ReplaceAny(Reserved, Replacement);
        return name.Length;
    }

    /// <summary>The token of a name.</summary>
    /// <param name="name">The name, not empty.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static string From(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var token = Encoding.UTF8.GetBytes(name);
        Write(token, token);
        return Encoding.UTF8.GetString(token);
    }

    private static byte[] ReservedBytes()
    {
        var reserved = Enumerable.Range(0, ' ' + 1).Select(code => (byte)code).ToList();
        reserved.AddRange(".*>\u007F"u8.ToArray());
        return [.. reserved];
    }
}
