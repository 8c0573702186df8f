using System.Globalization;
using System.Text.Json;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Storage;

namespace CloudTicks.Lake.Objects;

/// <summary>
/// A lease of some minutes for writing a lake in an object store, or for importing into it. The lease consists of numbered objects, each
/// written only if absent; the object with the highest number is current. The lease keeps two hosts from doing the same work and from
/// deleting each other's files. If two hosts commit anyway, only one of them can write the next manifest.
/// </summary>
/// <param name="stem">The prefix of the objects' names.</param>
internal sealed class ObjectLease(IObjectContainer container, string stem, TimeProvider time) : IDisposable
{
    /// <summary>The stem of the lease for writing.</summary>
    public const string WriterStem = "_lease-";

    /// <summary>The stem of the lease for importing.</summary>
    public const string ImportStem = "_import-lease-";

    /// <summary>How long the lease lasts unless it is renewed.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan RenewAfter = TimeSpan.FromMinutes(1);

    /// <summary>The maximum difference between the clocks of hosts.</summary>
    private static readonly TimeSpan MaxClockSkew = TimeSpan.FromMinutes(1);

    private readonly string _owner = Guid.NewGuid().ToString("N");
    private long _number;
    private long? _renewedAt;

    /// <summary>Whether this process holds the lease.</summary>
    public bool IsHeld => _renewedAt is { } at && time.GetElapsedTime(at) < Duration;

    /// <summary>Acquires the lease, unless another process holds it.</summary>
    public async Task<bool> TryAcquireAsync(CancellationToken cancellationToken)
    {
        var leases = await ListAsync(cancellationToken);
        var newest = leases.LastOrDefault();
        if (await IsHeldByAnotherAsync(newest, cancellationToken))
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

    /// <summary>Reads the number of the current lease, 0 for none, and whether another process holds it.</summary>
    public async Task<(long Number, bool IsHeld)> ReadAsync(CancellationToken cancellationToken)
    {
        var newest = (await ListAsync(cancellationToken)).LastOrDefault();
        return (newest.Number, await IsHeldByAnotherAsync(newest, cancellationToken));
    }

    /// <summary>
    /// Renews the lease when renewal is due. A writer calls this before each write and deletion, an import at intervals.
    /// </summary>
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
                await container.DeleteAsync(VersionedName.Of(stem, before), cancellationToken);
                return;
            }
        }

        _renewedAt = null;
        throw new LakeConflictException(VersionedName.Of(stem, _number));
    }

    /// <summary>Ends the lease, so that another process can acquire it immediately.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        var before = _number;
        if (IsHeld && await TryPutAsync(untilMs: 0, cancellationToken))
        {
            await container.DeleteAsync(VersionedName.Of(stem, before), cancellationToken);
        }

        _renewedAt = null;
    }

    /// <summary>Stops renewing the lease; other processes wait until it expires.</summary>
    public void Dispose() => _renewedAt = null;

    private async Task<bool> TryRenewAsync(CancellationToken cancellationToken)
    {
        // Read the clock before the request, so that the lease expires here no later than in the store.
        var now = time.GetTimestamp();
        if (!await TryPutAsync((time.GetUtcNow() + Duration).ToUnixTimeMilliseconds(), cancellationToken))
        {
            return false;
        }

        _renewedAt = now;
        return true;
    }

    private async Task<bool> TryPutAsync(long untilMs, CancellationToken cancellationToken)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(new LeaseContent(_owner, untilMs));
        var isWritten = await container.TryPutAsync(VersionedName.Of(stem, _number + 1), content, cancellationToken);
        _number += isWritten ? 1 : 0;
        return isWritten;
    }

    private async Task<List<(long Number, StoredObject Found)>> ListAsync(CancellationToken cancellationToken)
    {
        var leases = new List<(long Number, StoredObject Found)>();
        foreach (var found in await container.ListAsync(stem, cancellationToken))
        {
            if (VersionedName.TryParse(stem, found.Name, out var number))
            {
                leases.Add((number, found));
            }
        }

        return [.. leases.OrderBy(lease => lease.Number)];
    }

    private async Task<bool> IsHeldByAnotherAsync((long Number, StoredObject Found) newest, CancellationToken cancellationToken) =>
        newest.Number > 0 && await ReadAsync(newest.Found, cancellationToken) is { } held && held.Owner != _owner
            && DateTimeOffset.FromUnixTimeMilliseconds(held.UntilMs) + MaxClockSkew > time.GetUtcNow();

    private async Task<LeaseContent?> ReadAsync(StoredObject found, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize<LeaseContent>(await container.GetAsync(found.Name, 0, (int)found.Bytes, cancellationToken));
        }
        catch (FileNotFoundException)
        {
            // Another process has just renewed its lease and deleted this object: treat the lease as held.
            return new LeaseContent("", time.GetUtcNow().AddMinutes(1).ToUnixTimeMilliseconds());
        }
        catch (JsonException damaged)
        {
            throw new LakeException(
                string.Create(CultureInfo.InvariantCulture, $"{found.Name} in {container.Location} is damaged: delete it."), damaged);
        }
    }

    private sealed record LeaseContent(string Owner, long UntilMs);
}
