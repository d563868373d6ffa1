using System.Text.Json.Serialization;

namespace CrmServerless.WeChat.Api.WeCom;

/// <summary>Departments.</summary>
public sealed record DepartmentList : WireRecord
{
    public IReadOnlyList<Department> Department { get => field ?? []; init; }
}

/// <param name="Department">The department.</param>
public sealed record DepartmentDetail(Department Department) : WireRecord;

/// <summary>A department.</summary>
public sealed record Department : WireRecord
{
    /// <summary>1: the company.</summary>
    public int Id { get; init; }

    /// <summary>Null where an admin has not allowed it.</summary>
    public string? Name { get; init; }

    public string? NameEn { get; init; }

    /// <summary>Userids.</summary>
    public IReadOnlyList<string> DepartmentLeader { get => field ?? []; init; }

    public int Parentid { get; init; }

    /// <summary>The greater, the earlier it is shown; up to 2^32.</summary>
    public long Order { get; init; }
}

/// <summary>The tree of departments.</summary>
public sealed record DepartmentSimpleList : WireRecord
{
    public IReadOnlyList<DepartmentRef> DepartmentId { get => field ?? []; init; }
}

/// <param name="Id">1: the company.</param>
/// <param name="Parentid">The one above.</param>
/// <param name="Order">The greater, the earlier it is shown; up to 2^32.</param>
public sealed record DepartmentRef(int Id = 0, int Parentid = 0, long Order = 0) : WireRecord;

/// <summary>Colleagues.</summary>
public sealed record StaffUserList : WireRecord
{
    public IReadOnlyList<StaffUser> Userlist { get => field ?? []; init; }
}

/// <summary>A colleague. Which fields are told depends on what the company has allowed the application.</summary>
public sealed record StaffUser : WireRecord
{
    public required string Userid { get; init; }

    public string? Name { get; init; }

    public string? Alias { get; init; }

    public string? Position { get; init; }

    public string? Mobile { get; init; }

    public string? Email { get; init; }

    public string? BizMail { get; init; }

    public string? Avatar { get; init; }

    /// <summary>0 unknown, 1 male, 2 female; a string on the wire.</summary>
    public int Gender { get; init; }

    public IReadOnlyList<int> Department { get => field ?? []; init; }

    /// <summary>Of each department 1 if he leads it.</summary>
    public IReadOnlyList<int> IsLeaderInDept { get => field ?? []; init; }

    /// <summary>Userids, at most 5.</summary>
    public IReadOnlyList<string> DirectLeader { get => field ?? []; init; }

    public int MainDepartment { get; init; }

    /// <summary>1 active, 2 disabled, 4 not yet active, 5 left; 0 not told.</summary>
    public int Status { get; init; }

    /// <summary>Customers who scan it become his.</summary>
    public string? QrCode { get; init; }

    public string? ExternalPosition { get; init; }

    public string? OpenUserid { get; init; }
}

/// <summary>An application.</summary>
public sealed record Agent : WireRecord
{
    public int Agentid { get; init; }

    public string? Name { get; init; }

    public string? SquareLogoUrl { get; init; }

    public string? Description { get; init; }

    public AgentUsers? AllowUserinfos { get; init; }

    public AgentParties? AllowPartys { get; init; }

    public AgentTags? AllowTags { get; init; }

    /// <summary>1: switched off.</summary>
    public int Close { get; init; }

    public string? RedirectDomain { get; init; }

    public int ReportLocationFlag { get; init; }

    public int Isreportenter { get; init; }

    public string? HomeUrl { get; init; }
}

/// <summary>Colleagues whom an application sees.</summary>
public sealed record AgentUsers : WireRecord
{
    public IReadOnlyList<UserRef> User { get => field ?? []; init; }
}

/// <summary>Departments that an application sees.</summary>
public sealed record AgentParties : WireRecord
{
    public IReadOnlyList<int> Partyid { get => field ?? []; init; }
}

/// <summary>Tags that an application sees.</summary>
public sealed record AgentTags : WireRecord
{
    public IReadOnlyList<int> Tagid { get => field ?? []; init; }
}

/// <summary>Addresses.</summary>
public sealed record IpList : WireRecord
{
    [JsonPropertyName("ip_list")]
    public IReadOnlyList<string> Addresses { get => field ?? []; init; }
}
