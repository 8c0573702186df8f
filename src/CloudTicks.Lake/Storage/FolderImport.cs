using CloudTicks.Foundations;

namespace CloudTicks.Lake.Storage;

/// <summary>A running import into a lake in a folder.</summary>
internal sealed class FolderImport(FolderLock acquired) : IAsyncDisposable
{
    public ValueTask DisposeAsync()
    {
        acquired.Dispose();
        return ValueTask.CompletedTask;
    }
}
