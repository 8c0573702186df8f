using System.Globalization;
using System.Text.Json;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Storage;

namespace CloudTicks.Lake.Objects;

/// <summary>
/// The right to write a lake in an object store for some minutes. It consists of numbered objects, each written only if absent; the
/// highest is the current one. It keeps two hosts from doing the same work and from deleting each other's files. If two commit anyway,
/// only one can write the next manifest.
/// </summary>
internal sealed class ObjectLease(IObjectContainer container, TimeProvider time) : IDisposable
{
    public const string Stem = "_lease-";

    /// <summary>How long the lease lasts unless it is renewed.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan RenewAfter = TimeSpan.FromMinutes(1);

    /// <summary>The maximum difference between the clocks of hosts.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private readonly string _owner = Guid.NewGuid().ToString("N");
    private long _number;
    private long? _renewedAt;

    /// <summary>Acquires the lease, unless another process holds it.</summary>
    public async Task<bool> TryAcquireAsync(CancellationToken cancellationToken)
    {
        var leases = new List<(long Number, StoredObject Found)>();
        foreach (var found in await container.ListAsync(Stem, cancellationToken))
        {
            if (VersionedName.TryParse(Stem, found.Name, out var number))
            {
                leases.Add((number, found));
            }
        }

        var newest = leases.Count == 0 ? default : leases.MaxBy(lease => lease.Number);
        if (newest.Number > 0 && await ReadAsync(newest.Found, cancellationToken) is { } held && held.Owner != _owner
            && DateTimeOffset.FromUnixTimeMilliseconds(held.UntilMs) + Skew > time.GetUtcNow())
        {
            return false;
        }

        _number = newest.Number;
        if (!await TryRenewAsync(cancellationToken))
        {
            return false;
        }

        foreach (var (_, found) in leases)
        {
            await container.DeleteAsync(found.Name, cancellationToken);
        }

        return true;
    }

    /// <summary>Renews the lease when it is due. Called before each write and deletion.</summary>
    /// <exception cref="LakeConflictException">Another process may hold the lease.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (_renewedAt is { } at && time.GetElapsedTime(at) is var age && age < Duration)
        {
            if (age < RenewAfter)
            {
                return;
            }

            var before = _number;
            if (await TryRenewAsync(cancellationToken))
            {
                await container.DeleteAsync(VersionedName.Of(Stem, before), cancellationToken);
                return;
            }
        }

        _renewedAt = null;
        throw new LakeConflictException(VersionedName.Of(Stem, _number));
    }

    /// <summary>Stops renewing the lease; other processes wait until it expires.</summary>
    public void Dispose() => _renewedAt = null;

    private async Task<bool> TryRenewAsync(CancellationToken cancellationToken)
    {
        // Read the clock before the request, so that the lease expires here no later than in the store.
        var now = time.GetTimestamp();
        var content = JsonSerializer.SerializeToUtf8Bytes(
            new Held(_owner, (time.GetUtcNow() + Duration).ToUnixTimeMilliseconds()));
        if (!await container.TryPutAsync(VersionedName.Of(Stem, _number + 1), content, cancellationToken))
        {
            return false;
        }

        (_number, _renewedAt) = (_number + 1, now);
        return true;
    }

    private async Task<Held?> ReadAsync(StoredObject found, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize<Held>(await container.GetAsync(found.Name, 0, (int)found.Bytes, cancellationToken));
        }
        catch (FileNotFoundException)
        {
            // Another process renewed its lease meanwhile and deleted this object: treat it as held.
            return new Held("", time.GetUtcNow().AddMinutes(1).ToUnixTimeMilliseconds());
        }
        catch (JsonException damaged)
        {
            throw new LakeException(
                string.Create(CultureInfo.InvariantCulture, $"{found.Name} in {container.Location} is damaged: delete it."), damaged);
        }
    }

    private sealed record Held(string Owner, long UntilMs);
}
