namespace CloudTicks.Lake.Objects;

/// <summary>The lock of an operation that needs none in an object store. Disposing of it does nothing.</summary>
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
