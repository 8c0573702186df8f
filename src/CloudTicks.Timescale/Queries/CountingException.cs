namespace CloudTicks.Timescale.Queries;

/// <summary>The table is being counted for the first time, which takes more than one question.</summary>
/// <param name="counted">Chunks that are counted.</param>
/// <param name="chunks">Chunks that there are.</param>
public sealed class CountingException(int counted, int chunks)
    : Exception($"The ticks of {counted} of {chunks} hours of the table are counted, and what is counted stays so: ask again.");
