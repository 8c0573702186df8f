using Microsoft.AspNetCore.Mvc;

namespace Microsoft.Extensions.Hosting;

/// <summary>Something that is wrong in a request; <c>errors</c> of every problem+json is a list of these.</summary>
/// <param name="Place">A JSON pointer (RFC 6901) into the body, empty for all of it; or the name of a parameter of the query.</param>
/// <param name="Detail">A sentence: what is wrong, and what would be right.</param>
public sealed record RequestFault(string Place, string Detail)
{
    /// <summary>The problem with its faults, as <c>[{"pointer":"/operational/symbols/3","detail":"..."}]</c>.</summary>
    public static ProblemDetails Of(int status, string title, IReadOnlyList<RequestFault> faults, string? detail = null) => new()
    {
        Status = status,
        Title = title,
        Detail = detail ?? Sentence(faults),
        Extensions = { ["errors"] = faults.Select(fault => fault.Json).ToArray() },
    };

    /// <summary>All of them in one line.</summary>
    public static string Sentence(IEnumerable<RequestFault> faults) => string.Join(' ', faults);

    /// <inheritdoc/>
    public override string ToString() => Place.Length == 0 ? Detail : $"{Place}: {Detail}";

    private Dictionary<string, string> Json =>
        new() { [Place.Length == 0 || Place[0] == '/' ? "pointer" : "parameter"] = Place, ["detail"] = Detail };
}
