using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CloudTicks.Functions.Configuring;

internal sealed class TagCondition
{
    private readonly IList<EntityTagHeaderValue> _tags;
    private readonly bool _isStrong;

    private TagCondition(IList<EntityTagHeaderValue> tags, bool isStrong) => (_tags, _isStrong) = (tags, isStrong);

    public bool IsSet => _tags.Count > 0;

    /// <summary>Reads <c>If-Match</c>, which compares strongly: a tag that a proxy weakened does not match.</summary>
    public static bool TryReadIfMatch(HttpRequest request, out TagCondition condition) =>
        TryRead(request.Headers.IfMatch, isStrong: true, out condition);

    /// <summary>Reads <c>If-None-Match</c>, which compares weakly.</summary>
    public static bool TryReadIfNoneMatch(HttpRequest request, out TagCondition condition) =>
        TryRead(request.Headers.IfNoneMatch, isStrong: false, out condition);

    public bool Matches(string tag)
    {
        var ownTag = EntityTagHeaderValue.Parse(tag);
        return _tags.Any(other => other.Equals(EntityTagHeaderValue.Any) || other.Compare(ownTag, _isStrong));
    }

    private static bool TryRead(StringValues header, bool isStrong, out TagCondition condition)
    {
        IList<EntityTagHeaderValue>? tags = [];
        var isValid = StringValues.IsNullOrEmpty(header) || EntityTagHeaderValue.TryParseStrictList([.. header.OfType<string>()], out tags);
        condition = new TagCondition(tags ?? [], isStrong);
        return isValid;
    }
}
