using CloudTicks.Collection.Records;

namespace CloudTicks.Collection.Spool;

/// <summary>A record as it was read from the spool.</summary>
internal readonly record struct SpooledRecord(long Sequence, OutgoingRecord Record);
