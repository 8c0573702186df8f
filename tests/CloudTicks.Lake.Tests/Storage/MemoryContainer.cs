using System.Collections.Concurrent;
using CloudTicks.Lake.Objects;
using CloudTicks.Lake.Storage;

namespace CloudTicks.Lake.Tests.Storage;

/// <summary>
/// An in-memory container, used by one simulated process. Several processes share the objects; a failing call simulates a kill.
/// </summary>
internal sealed class MemoryContainer(ConcurrentDictionary<string, byte[]> objects) : IObjectContainer
{
    /// <summary>The call, counted from 1, that fails; null for none.</summary>
    public int? FailingCall { get; init; }

    /// <summary>Whether the failing call takes effect before it fails.</summary>
    public bool FailsAfterEffect { get; init; }

    /// <summary>Whether a put overwrites an existing object despite its condition.</summary>
    public bool IgnoresConditions { get; init; }

    public int Calls { get; private set; }

    public string Location => "memory://lake";

    public Task<IReadOnlyList<StoredObject>> ListAsync(string prefix, CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<StoredObject>>(() =>
            [.. objects.Where(one => one.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(one => new StoredObject(one.Key, one.Value.Length))]);

    public Task<bool> TryPutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => CallAsync(() =>
    {
        if (IgnoresConditions)
        {
            objects[name] = content.ToArray();
            return true;
        }

        return objects.TryAdd(name, content.ToArray());
    });

    public Task PutFileAsync(string name, string path, CancellationToken cancellationToken) =>
        CallAsync(() => objects[name] = File.ReadAllBytes(path));

    public Task<byte[]> GetAsync(string name, long offset, int length, CancellationToken cancellationToken) =>
        CallAsync(() => Content(name).Skip((int)offset).Take(length).ToArray());

    public Task DownloadAsync(string name, string path, CancellationToken cancellationToken) => CallAsync(() =>
    {
        File.WriteAllBytes(path, Content(name));
        return true;
    });

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => CallAsync(() => objects.TryRemove(name, out _));

    private byte[] Content(string name) => objects.TryGetValue(name, out var content) ? content : throw new FileNotFoundException(name);

    private Task<T> CallAsync<T>(Func<T> call)
    {
        Calls++;
        if (Calls != FailingCall)
        {
            // All calls after the kill fail without effect.
            return Calls > FailingCall ? Task.FromException<T>(new IOException("The process has ended.")) : Task.FromResult(call());
        }

        if (FailsAfterEffect)
        {
            call();
        }

        return Task.FromException<T>(new IOException("The process ends."));
    }
}
