using System.Buffers.Binary;
using System.Security.Cryptography;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Messaging.Nats;
using CloudTicks.Ticks;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Benchmarks.FanOut;

/// <summary>The messages that a subscriber to all ticks received, with a digest that does not depend on their order.</summary>
internal sealed class ReceivedMessages
{
    private readonly List<(byte[] Subject, byte[] Payload)> _messages = [];
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _expected;
    private ulong _sum;

    private ReceivedMessages(int expected) => _expected = expected;

    public IReadOnlyList<(byte[] Subject, byte[] Payload)> All => _messages;

    public int Count => _messages.Count;

    public long Bytes => _messages.Sum(message => (long)message.Payload.Length);

    public int Subjects => _messages.Select(message => Convert.ToHexString(message.Subject)).Distinct().Count();

    public string Digest => $"{Count:N0} messages, sum of hashes {_sum:x16}";

    /// <summary>Subscribes, publishes, and waits until the expected number of messages has arrived.</summary>
    public static async Task<ReceivedMessages> ReceiveAsync(
        string url, int expected, Func<CancellationToken, Task<Pass>> publish, CancellationToken cancellationToken)
    {
        await using var services = HandlerSide.Build(url);
        var subscriber = services.GetRequiredService<NatsSubscriber>();
        var received = new ReceivedMessages(expected);
        await using var subscription = subscriber.Subscribe(TickSubject.Everything, received.Add);
        await subscriber.ReadyAsync(cancellationToken);
        await publish(cancellationToken);
        await received._complete.Task.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
        return received;
    }

    private void Add(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> hashedBytes = stackalloc byte[subject.Length + payload.Length];
        subject.CopyTo(hashedBytes);
        payload.CopyTo(hashedBytes[subject.Length..]);
        SHA256.HashData(hashedBytes, hash);
        _sum += BinaryPrimitives.ReadUInt64LittleEndian(hash);
        _messages.Add((subject.ToArray(), payload.ToArray()));
        if (_messages.Count == _expected)
        {
            _complete.SetResult();
        }
    }
}
