namespace CloudTicks.Lake.Objects;

/// <summary>The result of lock operations that an object store does not need. Disposing of it does nothing.</summary>
internal sealed class NoLock : IDisposable
{
    public static readonly NoLock Instance = new();

    private NoLock()
    {
    }

    public void Dispose()
    {
    }
}
