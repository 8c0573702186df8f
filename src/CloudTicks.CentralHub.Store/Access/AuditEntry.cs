namespace CloudTicks.CentralHub.Store.Access;

/// <summary>A row of <c>audit_log</c>.</summary>
/// <param name="AtMs">When, Unix ms, UTC.</param>
/// <param name="Action">What he did, such as <c>key.create</c>.</param>
/// <param name="Subject">To what: a service with its version, or a key.</param>
/// <param name="Detail">More of it; never a secret.</param>
/// <param name="Id">Counts upwards; 0 while it is not written.</param>
public sealed record AuditEntry(long AtMs, string Author, string Action, string Subject, string? Detail, long Id = 0);
