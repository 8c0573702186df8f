namespace CloudTicks.CentralHub.Store.Access;

/// <summary>A row of <c>access_keys</c>: all that is known of a key, which itself is nowhere.</summary>
/// <param name="Id">12 hex digits, public.</param>
/// <param name="Name">Whose it is, as the history and the audit log name him.</param>
/// <param name="Role"><c>reader</c> or <c>writer</c>.</param>
/// <param name="Hash">The SHA-256 of the key.</param>
/// <param name="CreatedMs">Unix ms, UTC.</param>
/// <param name="RevokedMs">Unix ms, UTC, since when it opens nothing; null while it does.</param>
public sealed record AccessKeyRow(
    string Id, string Name, string Role, ReadOnlyMemory<byte> Hash, long CreatedMs, string CreatedBy, long? RevokedMs = null,
    string? RevokedBy = null);
