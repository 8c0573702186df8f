namespace CloudTicks.CentralHub.Store.Access;

/// <summary>A row of <c>audit_log</c>.</summary>
/// <param name="AtMs">Time of the change, Unix ms, UTC.</param>
/// <param name="Action">The action, such as <c>key.create</c>.</param>
/// <param name="Subject">The changed object: a service, with its version if one was written, or a key.</param>
/// <param name="Detail">Details; never a secret.</param>
/// <param name="Id">The row's ascending number; 0 before the row is written.</param>
public sealed record AuditEntry(long AtMs, string Author, string Action, string Subject, string? Detail, long Id = 0);
