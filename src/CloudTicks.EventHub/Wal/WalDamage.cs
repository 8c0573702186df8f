namespace CloudTicks.EventHub.Wal;

/// <summary>A damaged range of the log that was acknowledged.</summary>
internal readonly record struct WalDamage(string File, long From, long To);
