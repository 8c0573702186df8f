namespace CloudTicks.Collection.Gaps;

/// <summary>What was found damaged in a journal when it was opened.</summary>
/// <param name="Path">The journal.</param>
/// <param name="Places">Stretches of damaged bytes.</param>
/// <param name="Bytes">Damaged bytes.</param>
/// <param name="Entries">Entries that are whole.</param>
/// <param name="KeptIn">The file that has the damaged bytes now.</param>
internal sealed record JournalDamage(string Path, int Places, long Bytes, int Entries, string KeptIn);
