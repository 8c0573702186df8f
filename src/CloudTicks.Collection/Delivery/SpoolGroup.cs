namespace CloudTicks.Collection.Delivery;

/// <summary>The records that one flush writes to disk.</summary>
/// <param name="Records">The records to write: the queued records that are not yet acknowledged.</param>
/// <param name="Covered">
/// The number of queued records that the group covers, including acknowledged ones; 0 when the queue is empty.
/// </param>
internal readonly record struct SpoolGroup(List<DeliveryRecord> Records, int Covered);
