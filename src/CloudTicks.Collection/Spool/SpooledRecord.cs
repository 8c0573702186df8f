using CloudTicks.Collection.Delivery;

namespace CloudTicks.Collection.Spool;

/// <summary>A record as it was read from the spool.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Record">The record.</param>
internal readonly record struct SpooledRecord(long Sequence, OutgoingRecord Record);
