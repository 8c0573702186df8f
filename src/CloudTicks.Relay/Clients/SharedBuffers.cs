using Microsoft.Extensions.Options;

namespace CloudTicks.Relay.Clients;

/// <summary>
/// The bytes buffered for all clients. When they exceed the bound, the client with the largest backlog is disconnected; the excess is at
/// most one run of events. Thread-safe.
/// </summary>
internal sealed class SharedBuffers(IOptions<RelayOptions> options)
{
    private long _bytes;

    public long Bytes => Interlocked.Read(ref _bytes);

    public bool IsFull => Bytes > options.Value.BuffersBytes;

    /// <param name="bytes">Negative for bytes that were sent or discarded.</param>
    public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);
}
