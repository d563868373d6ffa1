using System.Globalization;
using System.Text.Json.Nodes;
using CrmServerless.Local.Simulator.Front;
using static CrmServerless.Local.Simulator.Front.Shape;

namespace CrmServerless.Local.Simulator.WeCom;

/// <summary>
/// Departments and staff. Rules: developer.work.weixin.qq.com/document/path/90208, 95350, 95351 (departments), 90196, 90200,
/// 90201, 96067 (staff). An application sees ids and names; telephone numbers need the colleague's own consent.
/// </summary>
public sealed class WeComDirectory(Companies companies) : IWeComFamily
{
    private const int MaxPage = 10_000;

    public IEnumerable<Api> Apis =>
    [
        Api.Get("cgi-bin/department/list", call => Departments(call, "department", d => new JsonObject
        {
            ["id"] = d.Id, ["name"] = d.Name, ["name_en"] = d.NameEn, ["department_leader"] = new JsonArray(), ["parentid"] = d.ParentId, ["order"] = d.Order,
        })),
        Api.Get("cgi-bin/department/simplelist", call => Departments(call, "department_id", d => new JsonObject { ["id"] = d.Id, ["parentid"] = d.ParentId, ["order"] = d.Order })),
        Api.Get("cgi-bin/department/get", Department),
        Api.Get("cgi-bin/user/get", User),
        Api.Get("cgi-bin/user/simplelist", call => OfDepartment(call, s => new JsonObject { ["userid"] = s.UserId, ["name"] = s.Name, ["department"] = Numbers(s), ["open_userid"] = "" })),
        Api.Get("cgi-bin/user/list", call => OfDepartment(call, Json)),
        Api.Post("cgi-bin/user/list_id", Fields(May("cursor", Text), May("limit", Number)), Ids),
    ];

    private static Reply Departments(Call call, string name, Func<Department, JsonNode> json)
    {
        if (call.Query("id") is null) return Reply.Done(new JsonObject { [name] = Reply.List(Company.Departments.Select(json)) });
        if (Find(call.Query("id")) is not { } top) return Reply.Error(60123, "invalid party id");
        return Reply.Done(new JsonObject { [name] = Reply.List(Company.Departments.Where(d => Below(d, top)).Select(json)) });
    }

    private static Reply Department(Call call) => Find(call.Query("id")) is { } department
        ? Reply.Done(new JsonObject
        {
            ["department"] = new JsonObject
            {
                ["id"] = department.Id, ["name"] = department.Name, ["name_en"] = department.NameEn, ["department_leader"] = new JsonArray(), ["parentid"] = department.ParentId, ["order"] = department.Order,
            },
        })
        : Reply.Error(60123, "invalid party id");

    private Reply User(Call call)
    {
        if (call.Query("userid") is not { } userId) return Reply.Error(41009, "missing userid");
        return companies.Of(call.Account).Working(userId) is { } staff ? Reply.Done(Json(staff)) : Reply.Error(60111, "userid not found");
    }

    private Reply OfDepartment(Call call, Func<StaffMember, JsonNode> json)
    {
        if (Find(call.Query("department_id")) is not { } department) return Reply.Error(60123, "invalid party id");
        return Reply.Done(new JsonObject { ["userlist"] = Reply.List(companies.Of(call.Account).Staff.All.Where(s => s.ResignedAt is null && s.Departments.Contains(department.Id)).Select(json)) });
    }

    private Reply Ids(Call call)
    {
        var limit = call.Body.Number("limit") ?? MaxPage;
        if (limit is < 1 or > MaxPage) return Reply.Error(40058, "invalid Request Parameter, limit");
        var all = companies.Of(call.Account).Staff.All.Where(s => s.ResignedAt is null).SelectMany(s => s.Departments.Select(d => (s.UserId, Department: d)));
        return Paging.Page(call.Body.TextOrNull("cursor"), (int)limit, "dept_user", all, s => new JsonObject { ["userid"] = s.UserId, ["department"] = s.Department });
    }

    private static JsonObject Json(StaffMember staff) => new()
    {
        ["userid"] = staff.UserId, ["name"] = staff.Name, ["department"] = Numbers(staff), ["order"] = Reply.List(staff.Departments.Select(_ => (JsonNode?)0)), ["position"] = "",
        ["is_leader_in_dept"] = Reply.List(staff.Departments.Select(_ => (JsonNode?)0)), ["telephone"] = "", ["alias"] = "", ["status"] = staff.Active ? 1 : 4, ["main_department"] = staff.Departments[0],
        ["open_userid"] = "",
    };

    private static JsonArray Numbers(StaffMember staff) => Reply.List(staff.Departments.Select(d => (JsonNode?)d));

    private static Department? Find(string? id) =>
        int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Company.Departments.FirstOrDefault(d => d.Id == number) : null;

    private static bool Below(Department department, Department top)
    {
        for (var d = department; d is not null; d = Company.Departments.FirstOrDefault(x => x.Id == d.ParentId))
            if (d.Id == top.Id) return true;
        return false;
    }
}
