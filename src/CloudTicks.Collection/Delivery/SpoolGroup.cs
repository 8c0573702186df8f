namespace CloudTicks.Collection.Delivery;

/// <summary>Records that one flush writes to disk.</summary>
/// <param name="Records">The records; those that were acknowledged meanwhile are left out.</param>
/// <param name="Covered">How many of the queue they stand for, those left out included; 0 when nothing waits.</param>
internal readonly record struct SpoolGroup(List<DeliveryRecord> Records, int Covered);
