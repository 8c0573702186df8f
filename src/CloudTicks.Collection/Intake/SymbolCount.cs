namespace CloudTicks.Collection.Intake;

/// <summary>The accepted ticks of one symbol. Written by the decoding loop alone, read by anyone.</summary>
internal sealed class SymbolCount(int partition)
{
    private long _received;
    private ulong _sum;

    /// <summary>The symbol's partition of the archive.</summary>
    public int Partition => partition;

    /// <summary>Accepted ticks.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>The wrapping sum of their identities, which does not depend on their order.</summary>
    public ulong Sum => Volatile.Read(ref _sum);

    public void Add(ulong identity)
    {
        Volatile.Write(ref _sum, unchecked(_sum + identity));
        Volatile.Write(ref _received, _received + 1);
    }
}
