namespace CloudTicks.TestServices.PowerLoss;

/// <summary>Generates disk states that a power cut may leave at each point of a run.</summary>
public sealed class PowerCuts(IReadOnlyList<DiskOperation> operations, Random random, SortedDictionary<string, byte[]?>? before = null)
{
    /// <summary>Number of random mixtures of lost, complete, cut and torn writes at each point.</summary>
    public int MixturesPerPoint { get; init; } = 2;

    /// <summary>Number of positions at which the newest unflushed write is cut, and of patterns by which it is torn.</summary>
    public int Cuts { get; init; } = 2;

    public IEnumerable<CutDisk> All()
    {
        var model = new ModelDisk(before);
        for (var at = 0; at < operations.Count; at++)
        {
            model.Add(at, operations[at]);
            foreach (var (what, fate) in Fates(model.Pending))
            {
                yield return new CutDisk(at, what, model.After(fate));
            }
        }
    }

    private IEnumerable<(string What, Func<int, Fate> Fate)> Fates(IReadOnlyList<(int Number, DiskOperation Operation)> pending)
    {
        yield return ("everything arrived", static _ => Fate.Complete);
        if (pending.Count == 0)
        {
            yield break;
        }

        yield return ("everything that was not flushed was lost", static _ => Fate.Lost);
        yield return ("names were kept, contents were lost", i => pending[i].Operation.IsName ? Fate.Complete : Fate.Lost);
        yield return ("contents were kept, names were lost", i => pending[i].Operation.IsName ? Fate.Lost : Fate.Complete);
        foreach (var isName in new[] { false, true })
        {
            for (var index = 0; index < pending.Count; index++)
            {
                if (pending[index].Operation.IsName == isName)
                {
                    var (chosen, operation) = (index, pending[index].Operation);
                    yield return ($"only {operation.Kind} of {operation.Path} was lost", i => i == chosen ? Fate.Lost : Fate.Complete);
                    yield return ($"{(isName ? "of the names" : "of the contents")}, only {operation.Kind} of {operation.Path} was kept",
                        i => i == chosen || pending[i].Operation.IsName != isName ? Fate.Complete : Fate.Lost);
                    yield return ($"only the operations before {operation.Kind} of {operation.Path} were kept",
                        i => i < chosen ? Fate.Complete : Fate.Lost);
                }
            }
        }

        foreach (var (what, fate) in Torn(pending).Concat(Mixed(pending)))
        {
            yield return (what, fate);
        }
    }

    /// <summary>Generates the states in which the newest write, which was in progress when the power failed, is cut or torn.</summary>
    private IEnumerable<(string What, Func<int, Fate> Fate)> Torn(IReadOnlyList<(int Number, DiskOperation Operation)> pending)
    {
        var last = pending.Count - 1;
        if (pending[last].Operation is not { Kind: OperationKind.Write, Bytes.Length: > 0 } write)
        {
            yield break;
        }

        for (var i = 0; i < Cuts; i++)
        {
            var bytes = random.Next(write.Bytes.Length);
            var holes = (ulong)random.NextInt64();
            yield return ($"{bytes} bytes of the last write to {write.Path} arrived", n => n == last ? Fate.Cut(bytes) : Fate.Complete);
            yield return ($"the last write to {write.Path} has holes (bits {holes:x})", n => n == last ? Fate.Torn(holes) : Fate.Complete);
        }

        yield return ($"the last write to {write.Path} only extended the file", n => n == last ? Fate.Torn(ulong.MaxValue) : Fate.Complete);
    }

    private IEnumerable<(string What, Func<int, Fate> Fate)> Mixed(IReadOnlyList<(int Number, DiskOperation Operation)> pending)
    {
        for (var mixture = 0; mixture < MixturesPerPoint; mixture++)
        {
            var fates = pending.Select(p => random.Next(p.Operation.Kind == OperationKind.Write ? 5 : 2) switch
            {
                0 => Fate.Lost,
                3 => Fate.Cut(random.Next(p.Operation.Bytes!.Length + 1)),
                4 => Fate.Torn((ulong)random.NextInt64()),
                _ => Fate.Complete,
            }).ToList();
            yield return ($"mixture {mixture}", i => fates[i]);
        }
    }
}
