using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Relaying.Clients;

namespace CloudTicks.Benchmarks.Relaying.Runs;

/// <summary>
/// Plain loopback sockets: the frames that one client of the relay received are written to as many readers as there are clients. Readers
/// count like clients. One thread per processor writes, with one call per frame.
/// </summary>
internal sealed class LoopbackSide : IAsyncDisposable
{
    private const byte FinalText = 0x81;
    private const byte LengthOf64Bits = 127;
    private const int HeaderBytes = 10;

    private readonly List<Socket> _writers = [];
    private readonly List<CountingClient> _readers = [];

    public static async Task<LoopbackSide> ConnectAsync(int readers, CancellationToken cancellationToken)
    {
        var side = new LoopbackSide();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        for (var index = 0; index < readers; index++)
        {
            var reader = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            var accepted = listener.AcceptSocketAsync(cancellationToken);
            await reader.ConnectAsync(listener.LocalEndpoint, cancellationToken);
            var writer = await accepted;
            writer.NoDelay = true;
            side._writers.Add(writer);
            side._readers.Add(CountingClient.Read(reader));
        }

        return side;
    }

    /// <summary>Writes messages to each reader, and waits until all have them.</summary>
    /// <returns>The number of events that the readers counted, and the time.</returns>
    public async Task<Pass> RunAsync(IReadOnlyList<byte[]> messages, CancellationToken cancellationToken)
    {
        var frames = messages.Select(FrameOf).ToList();
        var eventsBefore = _readers.Sum(reader => reader.Events);
        var bytes = _readers.Sum(reader => reader.Bytes) + (messages.Sum(message => (long)message.Length) * _readers.Count);
        var started = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(thread => Task.Factory.StartNew(
            () => Write(frames, thread), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        await Task.WhenAll(threads);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (_readers.Sum(reader => reader.Bytes) < bytes)
        {
            await poll.WaitForNextTickAsync(cancellationToken);
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        return new Pass(_readers.Sum(reader => reader.Events) - eventsBefore, elapsed);
    }

    public async ValueTask DisposeAsync()
    {
        _writers.ForEach(writer => writer.Dispose());
        foreach (var reader in _readers)
        {
            await reader.DisposeAsync();
        }
    }

    private static byte[] FrameOf(byte[] message)
    {
        var frame = new byte[HeaderBytes + message.Length];
        (frame[0], frame[1]) = (FinalText, LengthOf64Bits);
        BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(2), message.Length);
        message.CopyTo(frame.AsSpan(HeaderBytes));
        return frame;
    }

    private void Write(List<byte[]> frames, int thread)
    {
        foreach (var frame in frames)
        {
            for (var writer = thread; writer < _writers.Count; writer += Environment.ProcessorCount)
            {
                for (var sent = 0; sent < frame.Length;)
                {
                    sent += _writers[writer].Send(frame.AsSpan(sent));
                }
            }
        }
    }
}
