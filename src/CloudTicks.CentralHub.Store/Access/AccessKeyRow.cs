namespace CloudTicks.CentralHub.Store.Access;

/// <summary>A row of <c>access_keys</c>. The key itself is not stored.</summary>
/// <param name="Id">12 hex digits, public.</param>
/// <param name="Name">The holder's name in history and audit log.</param>
/// <param name="Role"><c>reader</c> or <c>writer</c>.</param>
/// <param name="Hash">The SHA-256 of the key.</param>
/// <param name="CreatedMs">When the key was created, Unix ms, UTC.</param>
/// <param name="RevokedMs">When the key was revoked, Unix ms, UTC; null while it is valid.</param>
public sealed record AccessKeyRow(
    string Id, string Name, string Role, ReadOnlyMemory<byte> Hash, long CreatedMs, string CreatedBy, long? RevokedMs = null,
    string? RevokedBy = null);
