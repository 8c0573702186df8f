using System.Runtime.InteropServices;
using System.Text;

namespace CloudTicks.Messaging;

/// <summary>Messages that are published together, in one reused array. One caller at a time.</summary>
public sealed class MessageBatch
{
    /// <summary>The maximum length of a subject, in bytes.</summary>
    public const int MaxSubjectBytes = 1024;

    private readonly List<Message> _messages = [];
    private byte[] _bytes = new byte[64 * 1024];
    private int _end;

    /// <summary>The number of messages in the batch.</summary>
    public int Count => _messages.Count;

    /// <summary>All bytes: each subject, a terminating zero byte for C, then the payload.</summary>
    internal ReadOnlySpan<byte> Bytes => _bytes;

    internal ReadOnlySpan<Message> Messages => CollectionsMarshal.AsSpan(_messages);

    /// <summary>Removes all messages.</summary>
    public void Clear()
    {
        _messages.Clear();
        _end = 0;
    }

    /// <summary>Starts a message; <see cref="End"/> completes it. Does not allocate when the array is large enough.</summary>
    /// <param name="subject">The subject in UTF-8, 1 to <see cref="MaxSubjectBytes"/> bytes without blanks.</param>
    /// <param name="maxPayloadBytes">The maximum length of the payload.</param>
    /// <returns>The space for the payload.</returns>
    /// <exception cref="ArgumentException">The subject is invalid.</exception>
    public Span<byte> Begin(ReadOnlySpan<byte> subject, int maxPayloadBytes)
    {
        if (subject.Length > MaxSubjectBytes || !SubjectSyntax.IsSubject(subject))
            throw new ArgumentException(
                $"A subject must have 1 to {MaxSubjectBytes} bytes, without blanks or control characters: "
                    + $"'{Encoding.UTF8.GetString(subject)}'.",
                nameof(subject));
        var payloadStart = _end + subject.Length + 1;
        if (_bytes.Length - payloadStart < maxPayloadBytes)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, payloadStart + maxPayloadBytes));
        subject.CopyTo(_bytes.AsSpan(_end));
        _bytes[payloadStart - 1] = 0;
        _messages.Add(new Message(_end, payloadStart, 0));
        return _bytes.AsSpan(payloadStart, maxPayloadBytes);
    }

    /// <summary>Completes the started message.</summary>
    /// <param name="payloadBytes">The length of the payload.</param>
    public void End(int payloadBytes)
    {
        ref var message = ref CollectionsMarshal.AsSpan(_messages)[^1];
        message = message with { PayloadLength = payloadBytes };
        _end = message.Payload + payloadBytes;
    }

    /// <summary>The subject of a message.</summary>
    /// <returns>UTF-8, valid until the batch changes.</returns>
    public ReadOnlySpan<byte> Subject(int index) =>
        _bytes.AsSpan(_messages[index].Subject, _messages[index].Payload - _messages[index].Subject - 1);

    /// <summary>The payload of a message.</summary>
    /// <returns>The bytes, valid until the batch changes.</returns>
    public ReadOnlySpan<byte> Payload(int index) => _bytes.AsSpan(_messages[index].Payload, _messages[index].PayloadLength);

    internal readonly record struct Message(int Subject, int Payload, int PayloadLength);
}
