using System.Text.Json.Nodes;

namespace CrmServerless.Local.Simulator.Front;

/// <summary>What an API answers; both platforms say it under HTTP 200.</summary>
/// <param name="Code">0, or the documented code.</param>
/// <param name="Text">The errmsg, without what a platform adds to it.</param>
public sealed record Reply(int Code, string Text)
{
    /// <summary>What the answer holds besides.</summary>
    public JsonObject Fields { get; init; } = new();

    /// <summary>An answer of an Official Account API that says nothing of errors, as many do when all is well.</summary>
    public bool Bare { get; init; }

    /// <summary>A medium instead of JSON.</summary>
    public Blob? Blob { get; init; }

    public static Reply Ok { get; } = new(0, "ok");

    /// <summary>A success that says so, with more.</summary>
    public static Reply Done(JsonObject fields) => new(0, "ok") { Fields = fields };

    /// <summary>A success that consists of what was asked for only.</summary>
    public static Reply Of(JsonObject fields) => new(0, "ok") { Fields = fields, Bare = true };

    public static Reply Error(int code, string text) => new(code, text);

    public static JsonArray List(IEnumerable<JsonNode?> items) => new(items.ToArray());

    public static JsonArray Texts(IEnumerable<string> items) => List(items.Select(t => (JsonNode?)t));
}

/// <param name="Bytes">The medium.</param>
/// <param name="ContentType">What it is.</param>
/// <param name="FileName">Under which name it is offered.</param>
public sealed record Blob(byte[] Bytes, string ContentType, string FileName);
