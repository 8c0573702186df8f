using CloudTicks.Collection.Records;

namespace CloudTicks.Collection.Spool;

internal readonly record struct SpooledRecord(long Sequence, OutgoingRecord Record);
