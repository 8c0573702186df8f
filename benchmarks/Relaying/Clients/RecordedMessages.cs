namespace CloudTicks.Benchmarks.Relaying.Clients;

/// <summary>Stores the messages that a client received, so that plain sockets can write the same ones.</summary>
internal sealed class RecordedMessages
{
    private readonly List<byte[]> _messages = [];

    /// <summary>Whether messages are being stored.</summary>
    public bool IsRecording { get; set; }

    public IReadOnlyList<byte[]> Messages => _messages;

    public void Clear() => _messages.Clear();

    public void Add(ReadOnlySpan<byte> message)
    {
        if (IsRecording)
        {
            _messages.Add(message.ToArray());
        }
    }
}
